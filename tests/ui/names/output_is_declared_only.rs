use graven::model;

model! { pub Net(x: 3) -> head < head: Dense(3), Dense(2) > }

fn main() {}
