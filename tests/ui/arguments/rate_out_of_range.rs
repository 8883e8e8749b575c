use graven::model;

model! { pub Net < Dense(64 -> 32), Dropout(1.5), Dense(10) > }

fn main() {}
