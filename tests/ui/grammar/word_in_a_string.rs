use graven::model;

model! { "pub Net < Dense(64→32, relu), Dnse(10, softmax) >" }

fn main() {}
