use graven::model;

model! { pub Net(x: 4) < BatchNormalization(renorm = true), Dense(2) > }

fn main() {}
