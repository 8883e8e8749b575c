use graven::model;

model! { pub Mlp[const H: usize] < Dense(4 -> H), Dense(3) > }
model! { pub Net < Mlp<8>, Dense(2) > }

fn main() {}
