use graven::model;

model! { pub Net(x: 3) -> (a, a) < a = Dense(2) > }

fn main() {}
