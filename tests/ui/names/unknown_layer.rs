use graven::model;

model! { pub Net < Desne(64 -> 32), Dense(10) > }

fn main() {}
