//! Optimizers against Keras: twenty steps over given gradients, and over the gradients of a net that learns.

use graven::optimizers::Optimizer;
use graven::prelude::*;
use graven::simd::{Level, Simd, Task};
use graven_tests::close::assert_close_in_scale;
use graven_tests::goldens::{Case, Golden};
use graven_tests::models::{for_each_tensor, parameters};

/// The contract, relative to a tensor's largest element.
const TOLERANCE: f64 = 1e-5;

fn adam(case: Case<'_>) -> Adam {
    Adam {
        learning_rate: case.number("learning_rate"),
        beta_1: case.number("beta_1"),
        beta_2: case.number("beta_2"),
        epsilon: case.number("epsilon"),
    }
}

fn momentum(case: Case<'_>) -> Sgd<1> {
    Sgd::new(case.number("learning_rate")).momentum(case.number("momentum")).nesterov(case.flag("nesterov"))
}

/// All steps over the given gradients, at one level.
struct Given<'a, O, const SLOTS: usize> {
    golden: &'a Golden,
    case: &'a str,
    optimizer: O,
}

impl<O: Optimizer<Slots<[f32; 12]> = [[f32; 12]; SLOTS]>, const SLOTS: usize> Task for Given<'_, O, SLOTS> {
    type Output = ();

    #[inline(always)]
    fn run<L: Level>(self, level: L) {
        let (vector, case) = (self.golden.case("vector"), self.golden.case(self.case));
        let mut values: [f32; 12] = vector.scalars("start").try_into().unwrap();
        let gradients = vector.scalars::<f32>("gradients");
        let mut slots = [[0.0; 12]; SLOTS];
        for (step, gradient) in gradients.as_chunks::<12>().0.iter().enumerate() {
            self.optimizer.update(
                level,
                step as u64,
                &mut values,
                gradient,
                &mut slots.each_mut().map(|slot| &mut slot[..]),
            );
            let kept = format!("step_{}", step + 1);
            if case.has(&kept) {
                let what = format!("{} {kept} at {}", self.case, L::NAME);
                assert_close_in_scale(&values, case.values(&kept), TOLERANCE, &what);
            }
        }
    }
}

#[test]
fn over_given_gradients() {
    let golden = &Golden::load("optimizers");
    macro_rules! check {
        ($($case:literal $slots:literal $optimizer:expr),+ $(,)?) => {
            $({
                let make = || Given::<_, $slots> { golden, case: $case, optimizer: $optimizer(golden.case($case)) };
                Simd::all().for_each(|simd| simd.run(make()));
            })+
        };
    }
    let plain = |case: Case<'_>| Sgd::new(case.number("learning_rate"));
    check! {
        "vector/sgd" 0 plain,
        "vector/sgd/default" 0 plain,
        "vector/sgd/momentum" 1 momentum,
        "vector/sgd/nesterov" 1 momentum,
        "vector/adam" 2 adam,
        "vector/adam/fast" 2 adam,
        "vector/adam/other" 2 adam,
    }
}

#[test]
fn defaults_are_those_of_keras() {
    let golden = Golden::load("optimizers");
    assert_eq!(adam(golden.case("vector/adam")), Adam::default());
    assert_eq!(Sgd::new(golden.case("vector/sgd/default").number("learning_rate")), Sgd::default());
}

model! { Net < Dense(5 -> 4, tanh), Dense(3) > }

fn learn<O: Optimizer>(golden: &Golden, name: &str, optimizer: O) {
    let (net, case) = (golden.case("net"), golden.case(name));
    let mut trainer = parameters::<Net>(net, "start").compile(optimizer, MeanSquaredError, ());
    let inputs = net.scalars::<f32>("x");
    let targets = net.scalars::<f32>("target");
    let inputs = inputs.as_chunks::<5>().0.chunks(6);
    let targets = targets.as_chunks::<3>().0.chunks(6);
    for (step, (inputs, targets)) in inputs.zip(targets).enumerate() {
        let loss = trainer.train_step(&Batch::new(inputs, targets).unwrap()).unwrap();
        let wanted = case.values("loss")[step];
        assert!(
            (f64::from(loss) / wanted - 1.0).abs() < TOLERANCE,
            "{name}, step {step}: loss {loss}, {wanted}"
        );
        let kept = format!("step_{}", step + 1);
        if !case.below(&kept).is_empty() {
            for_each_tensor(trainer.model(), case, &kept, |what, actual, expected| {
                assert_close_in_scale(actual, expected, TOLERANCE, what);
            });
        }
    }
}

#[test]
fn while_a_net_learns() {
    let golden = Golden::load("optimizers");
    for name in ["net/sgd", "net/sgd/default"] {
        learn(&golden, name, Sgd::new(golden.case(name).number("learning_rate")));
    }
    for name in ["net/sgd/momentum", "net/sgd/nesterov"] {
        learn(&golden, name, momentum(golden.case(name)));
    }
    for name in ["net/adam", "net/adam/fast", "net/adam/other"] {
        learn(&golden, name, adam(golden.case(name)));
    }
}
