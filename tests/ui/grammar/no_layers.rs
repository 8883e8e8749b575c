use graven::model;

model! { pub Net < > }

fn main() {}
