use graven::model;

model! { pub Net(x) < Dense(3) > }

fn main() {}
