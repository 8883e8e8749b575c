use graven::model;

model! { pub Net(x: 3x4) < RepeatVector(2), Flatten > }

fn main() {}
