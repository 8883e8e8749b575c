use graven::model;

model! { pub Net(x: 3) -> (a, b) < a = Dense(2), Dense(4) > }

fn main() {}
