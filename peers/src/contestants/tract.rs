//! tract: inference of ONNX models in Rust.

use std::hint::black_box;

use anyhow::Result;
use tract_onnx::prelude::*;

use super::onnx;
use crate::contestant::{Entry, Local};
use crate::data::Data;
use crate::workload::{Net, Task, Workload};

/// tract in a workload.
pub fn enter(workload: &Workload, data: &Data) -> Result<Vec<Entry>> {
    let net = workload.net;
    if workload.task != Task::Predict || net == Net::LeNet {
        return Ok(Vec::new());
    }
    let model = onnx::model(net, data.parameters(net));
    let plan = tract_onnx::onnx().model_for_proto_model(&model)?.into_optimized()?.into_runnable()?;
    let inputs = data.samples(net).inputs[..3 * net.inputs()]
        .chunks(net.inputs())
        .map(|sample| Ok(Tensor::from_shape(&[1, net.inputs()], sample)?.into()))
        .collect::<Result<_>>()?;
    Ok(vec![Entry::new("tract", Predict { state: plan.spawn()?, inputs })])
}

struct Predict {
    state: TypedSimpleState,
    inputs: Vec<TValue>,
}

impl Local for Predict {
    fn once(&mut self) -> Result<()> {
        black_box(self.state.run(tvec!(black_box(&self.inputs[0]).clone()))?);
        Ok(())
    }

    fn answer(&mut self) -> Result<Vec<f32>> {
        let mut answer = Vec::new();
        for input in &self.inputs {
            answer.extend(self.state.run(tvec!(input.clone()))?[0].to_plain_array_view::<f32>()?.iter());
        }
        Ok(answer)
    }
}
