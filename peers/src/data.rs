//! The same parameters and samples for everyone: made once from a seed, in memory for Rust and as files for the others.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, Result};
use safetensors::tensor::{Dtype, TensorView};

use crate::contestants::{graven, onnx};
use crate::workload::Net;

/// Numbers of a shape.
#[derive(Clone, Debug)]
pub struct Tensor {
    /// The axes.
    pub shape: Vec<usize>,
    /// The numbers, the last axis fastest.
    pub values: Vec<f32>,
}

/// Tensors by name, in the order of the network: kernels `(inputs, outputs)` as Keras has them.
pub type Tensors = Vec<(String, Tensor)>;

/// Samples, and what they should give.
#[derive(Clone, Debug)]
pub struct Samples {
    /// Inputs one after another.
    pub inputs: Vec<f32>,
    /// Classes, where the network classifies.
    pub labels: Vec<u32>,
    /// Values, where it does not.
    pub targets: Vec<f32>,
}

/// How many samples an epoch has.
pub const EPOCH: usize = 60_000;

/// Steps whose losses make the answer of a training workload.
pub const CHECKED_STEPS: usize = 5;

/// Frames whose outputs make the answer of a stream.
pub const CHECKED_FRAMES: usize = 8;

/// Everything that the contestants read.
pub struct Data {
    directory: PathBuf,
    parameters: HashMap<Net, Tensors>,
    samples: HashMap<Net, Samples>,
    epoch: Rc<Samples>,
}

impl Data {
    /// Draws it, and writes it into a directory for the programs that are not Rust.
    pub fn make(directory: &Path) -> Result<Self> {
        std::fs::create_dir_all(directory).with_context(|| format!("making {}", directory.display()))?;
        let mut random = Random::default();
        let parameters = HashMap::from(Net::ALL.map(|net| (net, graven::parameters(net))));
        let samples = HashMap::from(Net::ALL.map(|net| (net, draw(&mut random, net, 128))));
        let epoch = Rc::new(draw(&mut random, Net::Mlp, EPOCH));
        let data = Self { directory: directory.to_owned(), parameters, samples, epoch };
        data.write()?;
        Ok(data)
    }

    /// A network's parameters.
    pub fn parameters(&self, net: Net) -> &Tensors {
        &self.parameters[&net]
    }

    /// 128 samples for a network.
    pub fn samples(&self, net: Net) -> &Samples {
        &self.samples[&net]
    }

    /// The samples of an epoch of 784-256-10.
    pub fn epoch(&self) -> Rc<Samples> {
        Rc::clone(&self.epoch)
    }

    /// Where the files are.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    fn write(&self) -> Result<()> {
        for net in Net::ALL {
            self.write_parameters(net.name(), self.parameters(net))?;
            let name = format!("{}.channels_first", net.name());
            self.write_parameters(&name, &channels_first(self.parameters(net)))?;
            let names: Vec<&str> = self.parameters(net).iter().map(|(name, _)| name.as_str()).collect();
            std::fs::write(self.directory.join(format!("{}.names", net.name())), names.join("\n"))?;
            self.write_onnx(net)?;
            self.write_samples(net.name(), net, self.samples(net))?;
        }
        self.write_samples("epoch", Net::Mlp, &self.epoch)
    }

    fn write_onnx(&self, net: Net) -> Result<()> {
        let model = onnx::model(net, self.parameters(net));
        Ok(std::fs::write(self.directory.join(format!("{}.onnx", net.name())), model)?)
    }

    fn write_parameters(&self, name: &str, tensors: &Tensors) -> Result<()> {
        let parts = tensors.iter();
        let parts = parts.map(|(name, tensor)| (name.as_str(), tensor.shape.clone(), bytes(&tensor.values)));
        self.write_file(&format!("{name}.parameters"), parts.collect())
    }

    fn write_samples(&self, name: &str, net: Net, samples: &Samples) -> Result<()> {
        let count = samples.inputs.len() / net.inputs();
        let mut tensors = vec![("inputs", vec![count, net.inputs()], bytes(&samples.inputs))];
        if net.classifies() {
            let labels: Vec<f32> = samples.labels.iter().map(|&label| label as f32).collect();
            tensors.push(("labels", vec![count], bytes(&labels)));
        } else {
            tensors.push(("targets", vec![count, net.outputs()], bytes(&samples.targets)));
        }
        self.write_file(&format!("{name}.samples"), tensors)
    }

    fn write_file(&self, name: &str, tensors: Vec<(&str, Vec<usize>, Vec<u8>)>) -> Result<()> {
        let views = tensors
            .iter()
            .map(|(name, shape, bytes)| Ok((*name, TensorView::new(Dtype::F32, shape.clone(), bytes)?)))
            .collect::<Result<Vec<_>>>()?;
        let path = self.directory.join(format!("{name}.safetensors"));
        safetensors::serialize_to_file(views, None, &path)
            .with_context(|| format!("writing {}", path.display()))
    }
}

/// The parameters for libraries that want images channel by channel: kernels `(filters, channels, rows, columns)`, and the rows
/// of the dense kernel behind the last convolution in the order of its flattened output.
pub fn channels_first(parameters: &Tensors) -> Tensors {
    let mut channels = None;
    let mut turn = |tensor: &Tensor| match (&tensor.shape[..], channels) {
        (&[rows, columns, inputs, filters], _) => {
            channels = Some(filters);
            let shape = vec![filters, inputs, rows, columns];
            let mut values = Vec::with_capacity(tensor.values.len());
            for (filter, input) in
                (0..filters).flat_map(|filter| (0..inputs).map(move |input| (filter, input)))
            {
                let places = (0..rows * columns).map(|place| (place * inputs + input) * filters + filter);
                values.extend(places.map(|place| tensor.values[place]));
            }
            Tensor { shape, values }
        }
        (&[inputs, outputs], Some(filters)) => {
            channels = None;
            let rows = (0..filters)
                .flat_map(|filter| (0..inputs / filters).map(move |place| place * filters + filter));
            let values =
                rows.flat_map(|row| tensor.values[row * outputs..(row + 1) * outputs].iter().copied());
            Tensor { shape: tensor.shape.clone(), values: values.collect() }
        }
        _ => tensor.clone(),
    };
    parameters.iter().map(|(name, tensor)| (name.clone(), turn(tensor))).collect()
}

fn bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn draw(random: &mut Random, net: Net, count: usize) -> Samples {
    let inputs = (0..count * net.inputs()).map(|_| random.uniform()).collect();
    let (mut labels, mut targets) = (Vec::new(), Vec::new());
    if net.classifies() {
        labels = (0..count).map(|_| (random.uniform() * net.outputs() as f32) as u32).collect();
    } else {
        targets = (0..count * net.outputs()).map(|_| 2.0 * random.uniform() - 1.0).collect();
    }
    Samples { inputs, labels, targets }
}

/// xorshift64*: enough for data that nobody looks at.
pub struct Random(u64);

impl Default for Random {
    fn default() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }
}

impl Random {
    /// A number in [0, 1).
    pub fn uniform(&mut self) -> f32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 40) as f32 / (1u64 << 24) as f32
    }

    /// A random order.
    pub fn shuffle(&mut self, order: &mut [usize]) {
        for last in (1..order.len()).rev() {
            order.swap(last, (self.uniform() * (last + 1) as f32) as usize % (last + 1));
        }
    }
}
