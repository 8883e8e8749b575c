//! Plans of random graphs, run number by number, against a slow interpreter that knows neither plan nor arena.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Column, FieldId, Memory, Plan, Planned, Schedule, Step, Wanted};
use crate::diagnostic::Errors;
use crate::layers::{Generic, Merge, RuntimePath};
use crate::shape::Dim;
use crate::{graph, infer, syntax};

/// The widths of the two inputs.
const INPUTS: [usize; 2] = [3, 2];

/// One item of a random listing; what it reads are places among inputs and items before it.
#[derive(Clone, Debug)]
struct Item {
    layer: Layer,
    reads: Vec<usize>,
    width: usize,
}

#[derive(Clone, Debug)]
enum Layer {
    /// With its name, by which its weights are found, and whether tanh follows.
    Dense(String, bool),
    Merge(Merge),
    Concat,
    Residual(String),
}

/// Any listing of up to `depth` items whose values are all used: those that nobody reads are put side by side at the end.
fn items(depth: usize) -> impl Strategy<Value = Vec<Item>> {
    let choice = (0u8..12, 1usize..5, proptest::collection::vec(0usize..1000, 4));
    proptest::collection::vec(choice, 1..depth).prop_map(|choices| {
        let mut widths = INPUTS.to_vec();
        let mut items: Vec<Item> = Vec::new();
        for (kind, units, picks) in choices {
            let item = item(kind, units, &picks, &widths, items.len());
            widths.push(item.width);
            items.push(item);
        }
        let read: Vec<usize> = items.iter().flat_map(|item| item.reads.clone()).collect();
        let unread: Vec<usize> = (0..widths.len()).filter(|value| !read.contains(value)).collect();
        if unread.len() > 1 {
            let width = unread.iter().map(|value| widths[*value]).sum();
            items.push(Item { layer: Layer::Concat, reads: unread, width });
        }
        items
    })
}

fn item(kind: u8, units: usize, picks: &[usize], widths: &[usize], number: usize) -> Item {
    let first = picks[0] % widths.len();
    let width = widths[first];
    let alike: Vec<usize> = (0..widths.len()).filter(|value| widths[*value] == width).collect();
    let others = |count: usize| -> Vec<usize> {
        let others = picks[1..=count].iter().map(|pick| alike[pick % alike.len()]);
        std::iter::once(first).chain(others).collect()
    };
    let merge = |merge, count| Item { layer: Layer::Merge(merge), reads: others(count), width };
    match kind {
        0 | 1 => {
            Item { layer: Layer::Dense(format!("v{number}"), kind == 0), reads: vec![first], width: units }
        }
        // Declared once for each width, and shared.
        2 | 3 => Item { layer: Layer::Dense(format!("shared{width}"), true), reads: vec![first], width },
        4 => merge(Merge::Add, 1 + units % 3),
        5 => merge(Merge::Subtract, 1),
        6 => merge(Merge::Multiply, 1 + units % 2),
        7 => merge(Merge::Average, 1 + units % 3),
        8 => merge(Merge::Maximum, 1 + units % 2),
        9 => merge(Merge::Minimum, 1 + units % 2),
        10 if width < 40 => {
            let reads = vec![first, picks[1] % widths.len()];
            let width = reads.iter().map(|value| widths[*value]).sum();
            Item { layer: Layer::Concat, reads, width }
        }
        _ => Item { layer: Layer::Residual(format!("v{number}")), reads: vec![first], width },
    }
}

/// The listing as a user would write it.
fn listing(items: &[Item]) -> String {
    let name = |value: usize| match value {
        0 => "x".to_owned(),
        1 => "y".to_owned(),
        _ => format!("v{}", value - 2),
    };
    let mut lines: BTreeMap<String, String> = BTreeMap::new();
    let mut text = String::new();
    for (number, item) in items.iter().enumerate() {
        let reads = item.reads.iter().map(|value| name(*value)).collect::<Vec<_>>().join(", ");
        let width = item.width;
        let line = match &item.layer {
            Layer::Dense(shared, _) if shared.starts_with("shared") => {
                lines.insert(shared.clone(), format!("{shared}: Dense({width}, tanh),\n"));
                format!("{shared}({reads})")
            }
            Layer::Dense(_, tanh) => format!("Dense({width}{})({reads})", if *tanh { ", tanh" } else { "" }),
            Layer::Merge(merge) => format!("{merge:?}({reads})"),
            Layer::Concat => format!("Concat({reads})"),
            Layer::Residual(name) => format!("Residual< {name}inner = Dense({width}, tanh) >({reads})"),
        };
        text += &format!("v{number} = {line},\n");
    }
    let declared: String = lines.into_values().collect();
    format!("#[scalar(f64)] pub Net(x: {}, y: {}) <\n{declared}{text}>", INPUTS[0], INPUTS[1])
}

/// The weight at a place of a layer, the bias behind the kernel.
fn weight(layer: &str, place: usize) -> f64 {
    let seed = layer.bytes().fold(7.0, |seed, byte| seed * 1.37 % 5.0 + f64::from(byte));
    (seed + place as f64 * 1.7).sin() * 0.7
}

fn numbers(count: usize, seed: f64) -> Vec<f64> {
    (0..count).map(|place| (seed + 2.3 * place as f64).cos()).collect()
}

/// Gradients of a layer's parameters by its name.
type Gradients = BTreeMap<String, Vec<f64>>;

fn dense(layer: &str, x: &[f64], units: usize) -> Vec<f64> {
    let row = |unit: usize| {
        let products = x.iter().enumerate().map(|(i, x)| x * weight(layer, i * units + unit));
        products.sum::<f64>() + weight(layer, x.len() * units + unit)
    };
    (0..units).map(row).collect()
}

/// Adds to the gradients of parameters, and gives that of what went in.
fn dense_back(layer: &str, x: &[f64], dy: &[f64], gradients: &mut Gradients) -> Vec<f64> {
    let units = dy.len();
    let gradient = gradients.entry(layer.into()).or_insert_with(|| vec![0.0; (x.len() + 1) * units]);
    for (unit, dy) in dy.iter().enumerate() {
        for (i, x) in x.iter().enumerate() {
            gradient[i * units + unit] += x * dy;
        }
        gradient[x.len() * units + unit] += dy;
    }
    let column = |i| dy.iter().enumerate().map(|(unit, dy)| dy * weight(layer, i * units + unit)).sum();
    (0..x.len()).map(column).collect()
}

fn merged(merge: Merge, a: f64, b: f64) -> f64 {
    match merge {
        Merge::Add | Merge::Average => a + b,
        Merge::Subtract => a - b,
        Merge::Multiply => a * b,
        Merge::Maximum => a.max(b),
        Merge::Minimum => a.min(b),
    }
}

/// The value of every input and item.
fn slow_forward(items: &[Item], inputs: &[f64]) -> Vec<Vec<f64>> {
    let mut values = vec![inputs[..INPUTS[0]].to_vec(), inputs[INPUTS[0]..].to_vec()];
    for item in items {
        let reads: Vec<&Vec<f64>> = item.reads.iter().map(|value| &values[*value]).collect();
        let first = reads[0];
        let value = match &item.layer {
            Layer::Dense(layer, tanh) => {
                let linear = dense(layer, first, item.width);
                if *tanh { linear.into_iter().map(f64::tanh).collect() } else { linear }
            }
            Layer::Merge(merge) => {
                let at = |place: usize| {
                    reads[1..].iter().fold(first[place], |sum, read| merged(*merge, sum, read[place]))
                };
                let count = if *merge == Merge::Average { reads.len() as f64 } else { 1.0 };
                (0..item.width).map(|place| at(place) / count).collect()
            }
            Layer::Concat => reads.into_iter().flatten().copied().collect(),
            Layer::Residual(layer) => {
                let inner = dense(&format!("{layer}inner"), first, item.width);
                inner.iter().zip(first).map(|(inner, x)| inner.tanh() + x).collect()
            }
        };
        values.push(value);
    }
    values
}

/// The gradients of all parameters and of the inputs, from that of the last item.
fn slow_backward(items: &[Item], values: &[Vec<f64>], seed: &[f64]) -> (Gradients, Vec<f64>) {
    let mut gradients = Gradients::new();
    let mut adjoints: Vec<Vec<f64>> = values.iter().map(|value| vec![0.0; value.len()]).collect();
    if let Some(last) = adjoints.last_mut() {
        *last = seed.to_vec();
    }
    for (number, item) in items.iter().enumerate().rev() {
        let (value, dy) = (&values[number + 2], adjoints[number + 2].clone());
        let mut give = |to: usize, from: usize, gradient: &[f64]| {
            adjoints[to].iter_mut().zip(&gradient[from..]).for_each(|(sum, gradient)| *sum += gradient);
        };
        let first = item.reads[0];
        match &item.layer {
            Layer::Dense(layer, tanh) => {
                let slope = |y: &f64| if *tanh { 1.0 - y * y } else { 1.0 };
                let dy: Vec<f64> = dy.iter().zip(value).map(|(dy, y)| dy * slope(y)).collect();
                give(first, 0, &dense_back(layer, &values[first], &dy, &mut gradients));
            }
            Layer::Residual(layer) => {
                let layer = format!("{layer}inner");
                let inner = dense(&layer, &values[first], item.width);
                let inner: Vec<f64> = dy
                    .iter()
                    .zip(inner)
                    .map(|(dy, inner)| dy * (1.0 - inner.tanh() * inner.tanh()))
                    .collect();
                give(first, 0, &dy);
                give(first, 0, &dense_back(&layer, &values[first], &inner, &mut gradients));
            }
            Layer::Concat => {
                let mut from = 0;
                for read in &item.reads {
                    give(*read, from, &dy);
                    from += values[*read].len();
                }
            }
            Layer::Merge(merge) => {
                for place in 0..item.width {
                    let reads: Vec<f64> = item.reads.iter().map(|read| values[*read][place]).collect();
                    for (read, slope) in item.reads.iter().zip(slopes(*merge, &reads)) {
                        adjoints[*read][place] += slope * dy[place];
                    }
                }
            }
        }
    }
    (gradients, [adjoints[0].clone(), adjoints[1].clone()].concat())
}

/// The derivatives of a merge with respect to each of its values.
fn slopes(merge: Merge, values: &[f64]) -> Vec<f64> {
    let mut slopes = vec![1.0];
    let mut sum = values[0];
    for value in &values[1..] {
        let half = |first: bool| if sum == *value { 0.5 } else { f64::from(u8::from(first)) };
        let (left, right) = match merge {
            Merge::Add | Merge::Average => (1.0, 1.0),
            Merge::Subtract => (1.0, -1.0),
            Merge::Multiply => (*value, sum),
            Merge::Maximum => (half(sum > *value), half(*value > sum)),
            Merge::Minimum => (half(sum < *value), half(*value < sum)),
        };
        slopes.iter_mut().for_each(|slope| *slope *= left);
        slopes.push(right);
        sum = merged(merge, sum, *value);
    }
    let count = if merge == Merge::Average { values.len() as f64 } else { 1.0 };
    slopes.into_iter().map(|slope| slope / count).collect()
}

/// All memory of one run of a plan on one sample.
struct Machine<'a> {
    plan: &'a Plan<'a>,
    schedule: &'a Schedule<'a>,
    arena: Vec<f64>,
    input: Vec<f64>,
    output: Vec<f64>,
    output_gradient: Vec<f64>,
    input_gradient: Vec<f64>,
    gradients: Gradients,
}

fn known(dim: &Dim) -> usize {
    dim.known().expect("all sizes are numbers")
}

impl<'a> Machine<'a> {
    /// Memory that nothing has written is NaN.
    fn new(plan: &'a Plan<'a>, schedule: &'a Schedule<'a>, input: &[f64], width: usize) -> Self {
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

    fn run(&mut self, steps: &[Planned<'_>]) {
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
        }
    }

    fn pairs(&mut self, a: Memory, b: Memory, to: Memory, make: impl Fn(f64, f64) -> f64) {
        let values: Vec<f64> = self.read(a).into_iter().zip(self.read(b)).map(|(a, b)| make(a, b)).collect();
        self.write(to, &values);
    }
}

fn close(what: &str, found: &[f64], wanted: &[f64]) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    for (found, wanted) in found.iter().zip(wanted) {
        let close = (found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0);
        assert!(close, "{what}: {found}, but slowly {wanted}");
    }
}

/// Runs both passes of a listing's plan, and the slow interpreter.
fn compare(items: &[Item]) {
    let text = listing(items);
    let mut errors = Errors::default();
    let listing = syntax::read(text.parse().expect("it lexes"), &mut errors).expect("it parses");
    let shaped = infer::build(graph::build(&listing, &mut errors), &mut errors);
    let shaped = shaped.unwrap_or_else(|| {
        panic!("{}", errors.into_tokens().iter().map(ToString::to_string).collect::<String>())
    });
    let plan = super::build(&shaped);
    let input = numbers(INPUTS.iter().sum(), 0.4);
    let values = slow_forward(items, &input);
    let wanted = values.last().expect("there are inputs");
    let head = |mut logits: Vec<f64>| {
        if plan.heads[0].is_some() {
            logits.iter_mut().for_each(|value| *value = value.tanh());
        }
        logits
    };
    let mut machine = Machine::new(&plan, &plan.infer, &input, wanted.len());
    machine.run(&plan.infer.steps);
    close("inferred", &head(machine.output), wanted);

    let mut machine = Machine::new(&plan, &plan.train, &input, wanted.len());
    let (forward, backward) = plan.train.steps.split_at(plan.forward);
    machine.run(forward);
    let output = head(machine.output.clone());
    close("trained", &output, wanted);
    let seed = numbers(wanted.len(), 0.9);
    let slope = |y: f64| if plan.heads[0].is_some() { 1.0 - y * y } else { 1.0 };
    machine.output_gradient = seed.iter().zip(&output).map(|(dy, y)| dy * slope(*y)).collect();
    machine.run(backward);
    let (gradients, inputs) = slow_backward(items, &values, &seed);
    close("of the inputs", &machine.input_gradient, &inputs);
    assert!(machine.gradients.keys().eq(gradients.keys()));
    for (layer, gradient) in &gradients {
        close(layer, &machine.gradients[layer], gradient);
    }
    assert!(syn::parse_file(&crate::codegen::model(&plan).to_string()).is_ok(), "the code does not parse");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn random_graphs_compute_what_their_listings_say(items in items(30)) {
        compare(&items);
    }
}
