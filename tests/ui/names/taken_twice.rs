use graven::model;

model! { pub Net < a = Dense(64 -> 32), a = Dense(10) > }

fn main() {}
