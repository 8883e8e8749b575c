use graven::model;

model! { pub Net < Dense(64 -> 32), Dropout, Dense > }

fn main() {}
