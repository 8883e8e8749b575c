use graven::model;

model! { pub Net(x: 3) < first(x), Dense(2) > }

fn main() {}
