use graven::model;

model! { pub Net < first = , Dense(3 -> 4) > }

fn main() {}
