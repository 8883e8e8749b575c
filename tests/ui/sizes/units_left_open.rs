use graven::model;

model! { pub Net < Dense(4 -> _) > }

fn main() {}
