use graven::model;

model! { pub Net(x: 4) < a = Dense(3)(x), b = Dense(2)(x) > }

fn main() {}
