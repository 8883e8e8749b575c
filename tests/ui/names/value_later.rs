use graven::model;

model! { pub Net(x: 3) < a = Dense(3)(b), b = Dense(3)(x), Add(a, b) > }

fn main() {}
