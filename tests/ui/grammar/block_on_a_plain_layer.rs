use graven::model;

model! { pub Net(x: 3) < Dense< Relu > > }

fn main() {}
