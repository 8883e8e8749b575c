use graven::model;

model! { pub Net[const H: usize](x: (3, H)) < Flatten, Dense(10) > }

fn main() {}
