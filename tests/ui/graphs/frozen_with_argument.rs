use graven::model;

model! { pub Net(x: 3) < #[frozen(true)] Dense(3) > }

fn main() {}
