use graven::model;

model! { pub Mlp[const H: usize] < Dense(4 -> H), Dense(3) > }
model! { pub Net < Mlp(4 -> 3), Dense(2) > }

fn main() {}
