//! Runs a plan on one sample, number by number.

use super::super::{Column, FieldId, Memory, Plan, Planned, Schedule, Step, Wanted};
use super::slow::{Gradients, dense, dense_back, merged, slopes};
use crate::layers::{Generic, RuntimePath};
use crate::shape::Dim;

/// All memory of one run of a plan on one sample.
pub(super) struct Machine<'a> {
    plan: &'a Plan<'a>,
    schedule: &'a Schedule<'a>,
    arena: Vec<f64>,
    input: Vec<f64>,
    pub(super) output: Vec<f64>,
    pub(super) output_gradient: Vec<f64>,
    pub(super) input_gradient: Vec<f64>,
    pub(super) gradients: Gradients,
}

pub(super) fn known(dim: &Dim) -> usize {
    dim.known().expect("all sizes are numbers")
}

impl<'a> Machine<'a> {
    /// Memory that nothing has written is NaN.
    pub(super) fn new(plan: &'a Plan<'a>, schedule: &'a Schedule<'a>, input: &[f64], width: usize) -> Self {
        let unset = |count| vec![f64::NAN; count];
        let (arena, input) = (unset(known(&schedule.size)), input.to_vec());
        let (output, input_gradient) = (unset(width), unset(input.len()));
        let gradients = Gradients::new();
        Self { plan, schedule, arena, input, output, output_gradient: Vec::new(), input_gradient, gradients }
    }

    fn read(&self, memory: Memory) -> Vec<f64> {
        match memory {
            Memory::Input => self.input.clone(),
            Memory::Output => self.output.clone(),
            Memory::OutputGradient => self.output_gradient.clone(),
            Memory::InputGradient => self.input_gradient.clone(),
            Memory::Arena(region) => {
                let region = &self.schedule.regions[region.0];
                self.arena[known(&region.offset)..][..known(&region.length)].to_vec()
            }
        }
    }

    fn write(&mut self, memory: Memory, values: &[f64]) {
        let to = match memory {
            Memory::Input => panic!("a step writes to the model's input"),
            Memory::Output => &mut self.output[..],
            Memory::OutputGradient => &mut self.output_gradient,
            Memory::InputGradient => &mut self.input_gradient,
            Memory::Arena(region) => {
                let region = &self.schedule.regions[region.0];
                &mut self.arena[known(&region.offset)..][..known(&region.length)]
            }
        };
        assert_eq!(to.len(), values.len());
        to.copy_from_slice(values);
    }

    fn layer(&self, field: FieldId) -> (String, usize) {
        let field = &self.plan.fields[field.0];
        let RuntimePath::BuiltIn("Dense", generics) = &field.runtime.path else {
            panic!("only Dense has fields")
        };
        let [Generic::Dim(_), Generic::Dim(units), ..] = generics.as_slice() else { panic!("Dense<I, O>") };
        (self.plan.shaped.graph.nodes[field.node].name.clone(), known(units))
    }

    pub(super) fn run(&mut self, steps: &[Planned<'_>]) {
        for planned in steps {
            self.step(&planned.step);
        }
    }

    fn step(&mut self, step: &Step<'_>) {
        match step {
            Step::Run { field, input, output, .. } => {
                let (layer, units) = self.layer(*field);
                self.write(*output, &dense(&layer, &self.read(*input), units));
            }
            Step::Activate { on, .. } => {
                let values: Vec<f64> = self.read(*on).into_iter().map(f64::tanh).collect();
                self.write(*on, &values);
            }
            Step::Derive { kept, on, .. } => self.pairs(*on, *kept, *on, |dy, y| dy * (1.0 - y * y)),
            Step::Merge { merge, a, b, to } => {
                assert!(a != to && b != to);
                self.pairs(*a, *b, *to, |a, b| merged(*merge, a, b));
            }
            Step::MergeInto { merge, with, on } => {
                assert_ne!(with, on);
                self.pairs(*on, *with, *on, |a, b| merged(*merge, a, b));
            }
            Step::Choose { merge, mine, theirs, gradient, to } => {
                let chosen = |mine, theirs| slopes(*merge, &[mine, theirs])[0];
                let slopes: Vec<f64> = self
                    .read(*mine)
                    .into_iter()
                    .zip(self.read(*theirs))
                    .map(|(mine, theirs)| chosen(mine, theirs))
                    .collect();
                let values: Vec<f64> =
                    slopes.iter().zip(self.read(*gradient)).map(|(slope, dy)| slope * dy).collect();
                self.write(*to, &values);
            }
            Step::Divide { by, on } => self.pairs(*on, *on, *on, |a, _| a / *by as f64),
            Step::Negate { from, to } => self.pairs(*from, *from, *to, |a, _| -a),
            Step::Copy { from, to } => self.pairs(*from, *from, *to, |a, _| a),
            Step::Place { from, to, column } => {
                let (Column { offset, width, .. }, mut row) = (column, self.read(*to));
                row[known(offset)..][..known(width)].copy_from_slice(&self.read(*from));
                self.write(*to, &row);
            }
            Step::Take { from, to, column: Column { offset, width, .. } } => {
                let part = self.read(*from)[known(offset)..][..known(width)].to_vec();
                self.write(*to, &part);
            }
            Step::Backward { field, input, output_gradient, input_gradient, .. } => {
                let (layer, _) = self.layer(*field);
                let input = self.read(input.expect("Dense reads its input again"));
                let dy = self.read(*output_gradient);
                let dx = dense_back(&layer, &input, &dy, &mut self.gradients);
                let (Wanted::Always(to) | Wanted::IfAsked(to)) = input_gradient;
                self.write(*to, &dx);
            }
            Step::Clear { .. } => panic!("nothing is frozen"),
            Step::Apply { .. } => panic!("nothing is normalised"),
        }
    }

    fn pairs(&mut self, a: Memory, b: Memory, to: Memory, make: impl Fn(f64, f64) -> f64) {
        let values: Vec<f64> = self.read(a).into_iter().zip(self.read(b)).map(|(a, b)| make(a, b)).collect();
        self.write(to, &values);
    }
}
