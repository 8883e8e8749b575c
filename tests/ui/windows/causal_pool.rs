use graven::model;

model! { pub Net(steps: 28x3) < MaxPool1d(2, padding = causal) > }

fn main() {}
