use graven::model;

model! { pub Net(x: 3) < Residual< Dense(3), Relu > }

fn main() {}
