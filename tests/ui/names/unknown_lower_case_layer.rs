use graven::model;

model! { pub Net < Dense(64 -> 32), foo(3) > }

fn main() {}
