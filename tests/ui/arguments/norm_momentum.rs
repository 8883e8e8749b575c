use graven::model;

model! { pub Net(x: 4) < BatchNorm(momentum = 99), Dense(2) > }

fn main() {}
