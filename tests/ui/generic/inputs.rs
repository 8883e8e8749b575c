use graven::model;

model! { pub Net[const H: usize](x: H, y: 4) < Concat(x, y), Dense(2) > }

fn main() {}
