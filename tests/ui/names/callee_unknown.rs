use graven::model;

model! { pub Net(x: 3) < tower: Dense(3), towr(x), tower(dense) > }

fn main() {}
