use graven::model;

model! { pub Net(x: 3) -> () < Dense(3) > }

fn main() {}
