use graven::model;

model! { pub Net(x: 3) < Residual< >, Relu > }

fn main() {}
