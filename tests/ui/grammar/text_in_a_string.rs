use graven::model;

model! { "pub Net(x: 3) < Dense(3), Residual< Dense(4) > >" }

fn main() {}
