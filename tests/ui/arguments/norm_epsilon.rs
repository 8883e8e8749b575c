use graven::model;

model! { pub Net(x: 4) < BatchNorm(epsilon = -0.001), Dense(2) > }

fn main() {}
