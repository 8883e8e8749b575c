use graven::model;

model! { pub Net(steps: 4x1) < Conv1d(8, 5) > }

fn main() {}
