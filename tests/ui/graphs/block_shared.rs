use graven::model;

model! { pub Net(x: 3) < block: Residual< Dense(3) >, a = block(x), block(a) > }

fn main() {}
