use graven::model;

model! { pub Net < first = Dense(64 -> 32), second = Dense(10)(frist) > }

fn main() {}
