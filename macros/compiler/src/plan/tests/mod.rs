//! Plans of random graphs: that they compute what the listing says, and in how little memory.

mod compiled;
mod examples;
mod listings;
mod machine;
mod slow;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::arena::oracle;
use super::liveness;
use super::{Plan, Schedule};
use crate::diagnostic::Errors;
use crate::{graph, infer, syntax};
use listings::{INPUTS, Item, items, listing};
use machine::{Machine, known};
use slow::{slow_backward, slow_forward};

fn numbers(count: usize, seed: f64) -> Vec<f64> {
    (0..count).map(|place| (seed + 2.3 * place as f64).cos()).collect()
}

fn close(what: &str, found: &[f64], wanted: &[f64]) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    for (found, wanted) in found.iter().zip(wanted) {
        let close = (found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0);
        assert!(close, "{what}: {found}, but slowly {wanted}");
    }
}

/// The plan of a listing that is right.
fn with_plan(text: &str, check: impl FnOnce(&Plan<'_>)) {
    let mut errors = Errors::default();
    let listing = syntax::read(text.parse().expect("it lexes"), &mut errors).expect("it parses");
    let shaped = infer::build(graph::build(&listing, &mut errors), &mut errors);
    let shaped = shaped.unwrap_or_else(|| {
        panic!("{}", errors.into_tokens().iter().map(ToString::to_string).collect::<String>())
    });
    check(&super::build(&shaped));
}

/// Runs both passes of a listing's plan, and the slow interpreter.
fn compare(items: &[Item], plan: &Plan<'_>) {
    let input = numbers(INPUTS.iter().sum(), 0.4);
    let values = slow_forward(items, &input);
    let wanted = values.last().expect("there are inputs");
    let head = |mut logits: Vec<f64>| {
        if plan.heads[0].is_some() {
            logits.iter_mut().for_each(|value| *value = value.tanh());
        }
        logits
    };
    let mut machine = Machine::new(plan, &plan.infer, &input, wanted.len());
    machine.run(&plan.infer.steps);
    close("inferred", &head(machine.output), wanted);

    let mut machine = Machine::new(plan, &plan.train, &input, wanted.len());
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
    assert!(syn::parse_file(&crate::codegen::model(plan).to_string()).is_ok(), "the code does not parse");
}

/// The arena's size, what lives at once in it, and its regions.
fn packed(schedule: &Schedule<'_>) -> (usize, usize, Vec<oracle::Region>) {
    let lifetimes = liveness::lifetimes(&schedule.steps, schedule.regions.len());
    let lengths = schedule.regions.iter().map(|region| known(&region.length));
    let regions: Vec<oracle::Region> = lengths.zip(lifetimes).collect();
    (known(&schedule.size), oracle::lower_bound_of(&regions), regions)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn random_graphs_compute_what_their_listings_say(items in items(30)) {
        with_plan(&listing(&items), |plan| compare(&items, plan));
    }
}

/// The same graphs in every run: what is proven of them stays proven.
fn same_graphs(count: usize, depth: usize, mut check: impl FnMut(&Plan<'_>)) {
    let mut runner = TestRunner::deterministic();
    for _ in 0..count {
        let items = items(depth).new_tree(&mut runner).expect("a listing").current();
        with_plan(&listing(&items), &mut check);
    }
}

#[test]
fn small_graphs_take_no_more_memory_than_the_best_packing() {
    let mut compared = 0;
    same_graphs(400, 7, |plan| {
        for schedule in [&plan.infer, &plan.train] {
            let (size, _, regions) = packed(schedule);
            if regions.len() <= 8 {
                assert_eq!(size, oracle::brute_force(&regions));
                compared += 1;
            }
        }
    });
    assert!(compared > 300, "{compared}");
}

#[test]
fn the_search_for_the_best_packing_comes_to_its_end() {
    let (mut ended, mut all) = (0, 0);
    same_graphs(400, 14, |plan| {
        for schedule in [&plan.infer, &plan.train] {
            let (_, _, regions) = packed(schedule);
            let proven = oracle::is_proven(&regions);
            assert!(proven || regions.len() > 12);
            (ended, all) = (ended + usize::from(proven), all + 1);
        }
    });
    assert!(ended * 10 > all * 9, "{ended} of {all}");
}

#[test]
fn deep_graphs_take_hardly_more_memory_than_what_lives_at_once() {
    let (mut inferred, mut trained) = ((0, 0), (0, 0));
    same_graphs(200, 30, |plan| {
        for (schedule, sum) in [(&plan.infer, &mut inferred), (&plan.train, &mut trained)] {
            let (size, bound, _) = packed(schedule);
            *sum = (sum.0 + size, sum.1 + bound);
        }
    });
    for (size, bound) in [inferred, trained] {
        assert!(size as f64 <= 1.02 * bound as f64, "{size} for {bound}");
    }
}
