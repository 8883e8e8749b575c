use graven::model;

model! { pub Net(x: 8) < Residual< Dense(16, relu), Dense(4) >, Dense(2) > }

fn main() {}
