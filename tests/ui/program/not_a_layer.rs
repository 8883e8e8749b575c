use graven::model;

pub struct Thing;
model! { pub Net(x: 3) < Thing, Dense(2) > }

fn main() {}
