use graven::model;

model! { pub Net < Dense(64 -> 32, rellu), Dropout(2), Dense(16 -> 10, softmax, units = 3) > }

fn main() {}
