//! `predict`, `predict_in`, `predict_batch`, `gradients` and `train_step` never touch the heap: an allocator counts.
#![allow(unsafe_code, reason = "a global allocator can't be written without")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use graven::prelude::*;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

fn count() {
    // An error means that the thread is ending, when nothing is measured.
    let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
}

// SAFETY: everything is handed to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's contract is the same.
        unsafe { System.alloc(layout) }
    }
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: the caller's contract is the same.
        unsafe { System.realloc(pointer, layout, size) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's contract is the same.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(work: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.get();
    work();
    ALLOCATIONS.get() - before
}

model! { pub Net < Dense(13 -> 17, tanh), Dropout(0.2), Dense(17 -> 5, gelu), Dense(5 -> 3, softmax) > }

fn samples<const N: usize>() -> ([[f32; 13]; N], [usize; N]) {
    let inputs = std::array::from_fn(|s| std::array::from_fn(|i| ((s * 7 + i * 3) % 11) as f32 / 11.0));
    (inputs, std::array::from_fn(|s| s % 3))
}

#[test]
fn the_allocator_counts() {
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![1u8; 100]))), 1);
}

#[test]
fn predicting_allocates_nothing() {
    let net = Net::init(1);
    let (inputs, _) = samples::<100>();
    let mut outputs = [[0.0; 3]; 100];
    let mut scratch = [0.0; Net::SCRATCH_BYTES / 4];
    let count = allocations(|| {
        outputs[0] = net.predict(&inputs[0]);
        net.predict_in(&inputs[0], &mut scratch, &mut outputs[1]);
        net.predict_batch(&inputs, &mut outputs).unwrap();
    });
    assert_eq!(count, 0);
    assert!(outputs.iter().all(|output| (output.iter().sum::<f32>() - 1.0).abs() < 1e-5));
}

#[test]
fn training_allocates_nothing() {
    let (inputs, targets) = samples::<100>();
    let loss = SparseCategoricalCrossentropy::default();
    let mut gradient = Net::zeroed();
    let mut adam = Net::init(1).compile(Adam::default(), loss, ());
    let mut sgd = Net::init(1).compile(Sgd::new(0.01).momentum(0.9), loss, ());
    let count = allocations(|| {
        for _ in 0..3 {
            let batch = Batch::new(&inputs, &targets).unwrap();
            adam.train_step(&batch).unwrap();
            sgd.train_step(&batch).unwrap();
        }
        adam.model().gradients(&inputs[0], &targets[0], &loss, &mut gradient);
    });
    assert_eq!(count, 0);
    assert!(gradient.as_slice().iter().any(|&g| g != 0.0));
}

model! {
    pub Graph(left: 5, right: 5) -> (whole, part) <
        tower: Dense(7, relu),
        a = tower(left),
        b = tower(right),
        sum = Residual< Dense(7, tanh) >(a),
        whole = Dense(2, softmax)(sum),
        both = Concat(a, b, sum),
        part = Dense(1, sigmoid)(both),
    >
}

model! { pub Amp(x: 9x1) <
    Conv1d(3, 2, padding = causal, dilation_rate = 4),
    BatchNorm,
    Lstm(5, return_sequences = true),
    Gru(3, return_sequences = true),
    Dense(1),
> }

#[test]
fn stepping_allocates_nothing() {
    let net = Amp::init(1);
    let mut state = AmpState::default();
    let mut last = [0.0];
    let count = allocations(|| {
        for time in 0..100 {
            last = net.step(&mut state, &[time as f32]);
        }
    });
    assert_eq!(count, 0);
    assert_ne!(last, [0.0]);
}

#[test]
fn graphs_allocate_nothing() {
    let inputs: [_; 70] = std::array::from_fn(|i| ([i as f32 / 70.0; 5], [0.5; 5]));
    let targets: [_; 70] = std::array::from_fn(|i| (i % 2, i % 3 == 0));
    let losses = (SparseCategoricalCrossentropy::default(), BinaryCrossentropy::default());
    let metrics = graven::metrics::PerOutput((Accuracy::default(), (Accuracy::default(),)));
    let mut trainer = Graph::init(1).compile(Adam::default(), losses, metrics);
    let mut outputs = [GraphOutput::ZEROS; 70];
    let count = allocations(|| {
        for _ in 0..3 {
            trainer.train_step(&Batch::new(&inputs, &targets).unwrap()).unwrap();
        }
        trainer.model().predict_batch(&inputs, &mut outputs).unwrap();
        outputs[0] = trainer.model().predict(&inputs[0]);
    });
    assert_eq!(count, 0);
    assert!(outputs.iter().all(|output| (output.whole[0] + output.whole[1] - 1.0).abs() < 1e-5));
}
