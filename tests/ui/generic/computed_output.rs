use graven::model;

model! { pub Net[const H: usize](x: H) < a = Dense(4), Concat(x, a) > }

fn main() {}
