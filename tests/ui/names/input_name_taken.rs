use graven::model;

model! { pub Net(x: 3) < x = Dense(2), Dense(4) > }

fn main() {}
