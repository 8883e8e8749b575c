use graven::model;

model! { pub Net(x: 3, y: 4) < tower: Dense(5), a = tower(x), b = tower(y), Add(a, b) > }

fn main() {}
