use graven::model;

model! { pub Net(steps: 28x1) < Conv1d(6, 5x5) > }

fn main() {}
