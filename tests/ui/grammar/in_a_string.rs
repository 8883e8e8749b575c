use graven::model;

model!("pub Net < Dense(64→32, rellu), Dense(16→10) >");

fn main() {}
