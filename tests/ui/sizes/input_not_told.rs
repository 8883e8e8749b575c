use graven::model;

model! { pub Net < Dense(32, relu), Dense(10) > }

fn main() {}
