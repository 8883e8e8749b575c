use graven::model;

model! { pub Net(a: 3, b: 3) < Dense(2)(a) > }

fn main() {}
