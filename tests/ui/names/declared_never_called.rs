use graven::model;

model! { pub Net < tower: Dense(64 -> 32), Dense(8 -> 2) > }

fn main() {}
