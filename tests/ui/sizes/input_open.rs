use graven::model;

model! { pub Net(x: _) < Dense(2) > }

fn main() {}
