use graven::model;

model! { pub Net(image: 28x28x1) < Conv2d(relu) > }

fn main() {}
