use graven::model;

model! { pub Net < Dense{3 -> 2} > }

fn main() {}
