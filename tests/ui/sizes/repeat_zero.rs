use graven::model;

model! { pub Net(x: 3) < RepeatVector(0), Flatten > }

fn main() {}
