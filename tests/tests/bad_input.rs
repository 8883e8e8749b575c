//! Data and options that can't be used: an error that says what, where, and what to do, and parameters as they were.

use graven::model;
use graven::prelude::*;
use graven::training::{FitError, StepError};

model! { Small < Dense(3 -> 4, relu), Dense(2, softmax) > }

fn data(samples: usize) -> Dataset<[f32; 3], usize> {
    let inputs = (0..samples).map(|i| [0, 1, 2].map(|j| ((7 * i + 3 * j) % 5) as f32 - 2.0)).collect();
    Dataset::new(inputs, (0..samples).map(|i| i % 2).collect()).unwrap()
}

fn quiet<'a, T>() -> Fit<'a, [f32; 3], T> {
    Fit { epochs: 3, batch_size: 4, verbose: Verbose::Silent, ..Fit::default() }
}

/// Fits a new model, expects an error, and expects that nothing was trained.
#[track_caller]
fn refused(data: &Dataset<[f32; 3], usize>, options: Fit<'_, [f32; 3], usize>, message: &str) -> FitError {
    let loss = SparseCategoricalCrossentropy::default();
    let mut trainer = Small::boxed(1).compile(Adam::default(), loss, Accuracy::default());
    let before = trainer.model().as_slice().to_vec();
    let error = trainer.fit(data, options).expect_err("the data or options are wrong");
    assert_eq!(error.to_string(), message);
    assert_eq!(trainer.model().as_slice(), before, "an update was made before the error");
    error
}

#[test]
fn no_samples() {
    let message = "the training data has no sample: give at least one";
    assert_eq!(refused(&data(0), quiet(), message), FitError::Empty { part: "training" });
    let message = "the validation data has no sample: give at least one";
    refused(&data(8), Fit { validation_data: Some(&data(0)), ..quiet() }, message);
    // Half of one sample: nothing is left to train with.
    let message = "the training data has no sample: give at least one";
    refused(&data(1), Fit { validation_split: 0.5, ..quiet() }, message);
    let loss = SparseCategoricalCrossentropy::default();
    let mut trainer = Small::boxed(1).compile(Sgd::new(0.1), loss, ());
    let error = trainer.evaluate(&data(0)).unwrap_err();
    assert_eq!(error.to_string(), "the evaluation data has no sample: give at least one");
    assert_eq!(trainer.predict(&[]), Vec::<[f32; 2]>::new());
}

#[test]
fn features_that_are_not_finite() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut inputs = data(6).inputs().to_vec();
        inputs[4][1] = bad;
        let wrong = Dataset::new(inputs, data(6).targets().to_vec()).unwrap();
        let rest = format!("data is {bad}: replace or remove values that are missing or infinite");
        refused(&wrong, quiet(), &format!("feature 1 of sample 4 of the training {rest}"));
        let options = Fit { validation_data: Some(&wrong), ..quiet() };
        refused(&data(6), options, &format!("feature 1 of sample 4 of the validation {rest}"));
        let options = Fit { validation_split: 0.5, ..quiet() };
        refused(&wrong, options, &format!("feature 1 of sample 1 of the validation {rest}"));
    }
}

#[test]
fn a_class_that_the_model_does_not_have() {
    let mut targets = data(6).targets().to_vec();
    targets[5] = 2;
    let wrong = Dataset::new(data(6).inputs().to_vec(), targets).unwrap();
    let message = "the target of sample 5 of the training data: \
                   class 2 is not among the 2 of the model's output (0 to 1)";
    refused(&wrong, quiet(), message);
}

#[test]
fn options_out_of_range() {
    let message = "`batch_size` is 0: a batch needs at least one sample (32 is usual)";
    assert_eq!(refused(&data(8), Fit { batch_size: 0, ..quiet() }, message), FitError::BatchSize);
    for split in [-0.1, 1.0, 1.5, f64::NAN, f64::INFINITY] {
        let message = format!(
            "`validation_split` is {split}, but it is the share of the data kept for validation: \
             give a number between 0 and 1, such as 0.1, or leave it out"
        );
        refused(&data(8), Fit { validation_split: split, ..quiet() }, &message);
    }
}

#[test]
fn unequal_lengths() {
    let error = Dataset::new(data(3).inputs().to_vec(), vec![0usize; 2]).unwrap_err();
    assert!(error.to_string().contains('3') && error.to_string().contains('2'), "{error}");
}

#[test]
fn a_loss_that_is_no_longer_a_number_names_epoch_and_batch_and_keeps_the_parameters() {
    model! { Line < Dense(1 -> 1) > }
    // Each step multiplies the weight by about −199, until its square overflows.
    let data = Dataset::new(vec![[10.0f32], [10.0], [10.0]], vec![[0.0f32]; 3]).unwrap();
    let mut trainer = Line::boxed(1).compile(Sgd::new(1.0), MeanSquaredError, ());
    let options = Fit { epochs: 40, batch_size: 2, verbose: Verbose::Silent, ..Fit::default() };
    let error = trainer.fit(&data, options).unwrap_err();
    let FitError::Step { epoch, batch, error: StepError::NotFinite { loss } } = error else {
        panic!("{error:?}");
    };
    assert!(!loss.is_finite() && epoch > 1 && (1..=2).contains(&batch), "{error:?}");
    let text = error.to_string();
    assert!(text.starts_with(&format!("in epoch {epoch}, batch {batch}: ")), "{text}");
    assert!(trainer.model().as_slice().iter().all(|value| value.is_finite()));

    // The parameters are those of the last finite step: the same steps without the failing one give the same.
    let steps = 2 * (epoch - 1) + batch - 1;
    let mut again = Line::boxed(1).compile(Sgd::new(1.0), MeanSquaredError, ());
    for step in 0..steps {
        let count = if step % 2 == 0 { 2 } else { 1 };
        let batch = Batch::new(&data.inputs()[..count], &data.targets()[..count]).unwrap();
        again.train_step(&batch).unwrap();
    }
    assert_eq!(again.model().as_slice(), trainer.model().as_slice());
}
